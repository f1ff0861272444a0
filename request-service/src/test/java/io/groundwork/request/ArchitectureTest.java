package io.groundwork.request;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.groundwork.request", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule DOMAIN_IS_PURE = classes()
            .that()
            .resideInAPackage("..request.domain..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "io.groundwork.events..",
                    "io.groundwork.saga..",
                    "io.groundwork.runtime",
                    "..request.domain..");

    @ArchTest
    static final ArchRule VIEW_DECIDES_NOTHING = noClasses()
            .that()
            .resideInAPackage("..request.view..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..request.domain..", "..request.api..");
}
