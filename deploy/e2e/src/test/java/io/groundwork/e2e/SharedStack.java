package io.groundwork.e2e;

import java.util.Map;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;

/** One stack for the whole run, started when first needed and stopped after the last test; says more when a test fails. */
final class SharedStack implements BeforeAllCallback, TestInstancePostProcessor, AfterTestExecutionCallback {
    /** A server that does not shut down by itself is waited for less long than a person would. */
    private static final Map<String, String> ENVIRONMENT = Map.of("BAREMETAL_SOFT_POWER_OFF", "PT5S");

    private static final Namespace OURS = Namespace.create(SharedStack.class);

    /** The stack, or why there is none: a failed start is not tried again for every class. */
    private record Started(Stack stack, Throwable failure) implements AutoCloseable {

        private static Started now() {
            try {
                return new Started(Stack.start(ENVIRONMENT), null);
            } catch (Exception | AssertionError failure) {
                return new Started(null, failure);
            }
        }

        @Override
        public void close() throws Exception {
            if (stack != null) {
                stack.close();
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        stack(context);
    }

    @Override
    public void postProcessTestInstance(Object test, ExtensionContext context) {
        ((StackTest) test).use(stack(context));
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        var failure = context.getExecutionException();
        if (failure.isPresent() && context.getRequiredTestInstance() instanceof StackTest test) {
            test.explain(context.getDisplayName());
        }
    }

    private static Stack stack(ExtensionContext context) {
        var started = context.getRoot()
                .getStore(OURS)
                .getOrComputeIfAbsent(Started.class, key -> Started.now(), Started.class);
        if (started.failure() != null) {
            throw new AssertionError("there is no stack: " + started.failure().getMessage(), started.failure());
        }
        return started.stack();
    }
}
