package io.groundwork.simulators.ec2;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;

/** The same against {@code moto_server}, which nobody here wrote, where it is installed. */
@EnabledIf("io.groundwork.simulators.Commands#hasMoto")
class MotoConformanceTest extends Ec2Conformance {
    private static Process moto;
    private static URI endpoint;

    @BeforeAll
    static void start() throws IOException {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        endpoint = URI.create("http://127.0.0.1:" + port);
        var builder = new ProcessBuilder("moto_server", "-H", "127.0.0.1", "-p", Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(new File("target/moto.log")));
        builder.environment().put("MOTO_ENABLE_AMI_VALIDATION", "1");
        builder.environment().put("MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION", "1");
        builder.environment().put("MOTO_ENABLE_KEYPAIR_VALIDATION", "1");
        moto = builder.start();
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        });
    }

    @AfterAll
    static void stop() {
        if (moto != null) {
            moto.descendants().forEach(ProcessHandle::destroy);
            moto.destroy();
        }
    }

    @Override
    URI endpoint() {
        return endpoint;
    }

    @Override
    String imageId(Ec2Client ec2) {
        return ec2.describeImages(request -> request.filters(
                        Filter.builder().name("name").values("*ubuntu*").build()))
                .images()
                .get(0)
                .imageId();
    }
}
