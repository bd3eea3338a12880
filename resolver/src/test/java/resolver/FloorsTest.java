package resolver;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A package imports only lower floors, and none of its own. */
class FloorsTest {
  /** The lowest floor first. */
  private static final List<Set<String>> FLOORS =
      List.of(
          Set.of("clock"),
          Set.of("wire", "net", "rendezvous", "settings"),
          Set.of("query"),
          Set.of("selection"),
          Set.of("cache", "flight", "upstream", "policy", "observe"),
          Set.of("server"),
          Set.of("control", "metrics"),
          Set.of("config"),
          Set.of("daemon", "stampede"));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("resolver");

  @Test
  void everyPackageHasItsFloor() {
    assertThat(packages())
        .isNotEmpty()
        .allSatisfy(name -> assertThat(FLOORS).anySatisfy(f -> assertThat(f).contains(name)));
  }

  @TestFactory
  List<DynamicTest> importsGoDown() {
    return packages().stream()
        .map(name -> DynamicTest.dynamicTest(name, () -> importsOfGoDown(name)))
        .toList();
  }

  private static void importsOfGoDown(String name) {
    int floor = floorOf(name);
    String[] forbidden =
        FLOORS.subList(floor, FLOORS.size()).stream()
            .flatMap(Set::stream)
            .filter(other -> !other.equals(name))
            .map(other -> "resolver." + other + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("resolver." + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .check(CLASSES);
  }

  private static int floorOf(String name) {
    for (int i = 0; i < FLOORS.size(); i++) {
      if (FLOORS.get(i).contains(name)) {
        return i;
      }
    }
    throw new AssertionError(name + " stands on no floor");
  }

  private static Set<String> packages() {
    return CLASSES.stream()
        .map(c -> c.getPackage())
        .map(JavaPackage::getName)
        .map(full -> full.split("\\."))
        .filter(parts -> parts.length > 1)
        .map(parts -> parts[1])
        .collect(Collectors.toSet());
  }
}
