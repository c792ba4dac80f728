package io.outrider.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The arrows between modules, as the architecture document draws them. */
class ModuleArrowsTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.outrider");

    @Test
    void modulesMeetAtCore() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("core")
                .definedBy("io.outrider.core..")
                .layer("lake")
                .definedBy("io.outrider.lake..")
                .layer("ingestion")
                .definedBy("io.outrider.ingestion..")
                .layer("detection")
                .definedBy("io.outrider.detection..")
                .layer("training")
                .definedBy("io.outrider.training..")
                .layer("http")
                .definedBy("io.outrider.http..")
                .layer("app")
                .definedBy("io.outrider.app..")
                .whereLayer("core")
                .mayNotAccessAnyLayer()
                .whereLayer("lake")
                .mayOnlyAccessLayers("core")
                .whereLayer("ingestion")
                .mayOnlyAccessLayers("core", "lake")
                .whereLayer("detection")
                .mayOnlyAccessLayers("core", "lake")
                .whereLayer("training")
                .mayOnlyAccessLayers("core", "lake")
                .whereLayer("http")
                .mayOnlyAccessLayers("core")
                .check(CLASSES);
    }

    @Test
    void coreKnowsNoActorsAndNoInputOrOutput() {
        noClasses()
                .that()
                .resideInAPackage("io.outrider.core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.pekko..", "org.apache.kafka..", "java.net..", "java.nio.file..", "smile..")
                .check(CLASSES);
    }

    @Test
    void packagesFormNoCircle() {
        slices().matching("io.outrider.(*).(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        assertThat(CLASSES.getPackage("io.outrider").getSubpackagesInTree())
                .filteredOn(each -> !each.getClasses().isEmpty())
                .allMatch(each -> each.isAnnotatedWith(NullMarked.class), "has a package-info")
                .extracting(JavaPackage::getName)
                .isNotEmpty();
    }
}
