package io.groundwork.request;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.groundwork.runtime.testing.ServiceRules;

@AnalyzeClasses(packages = "io.groundwork.request", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchTests RULES = ArchTests.in(ServiceRules.class);

    @ArchTest
    static final ArchRule VIEW_DECIDES_NOTHING = noClasses()
            .that()
            .resideInAPackage("..request.view..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..request.domain..");
}
