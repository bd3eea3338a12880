package resolver.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import resolver.fixtures.Answers;
import resolver.query.Question;

/** Which route a name takes, and what a change touches. */
class RoutesTest {
  private final Routes routes =
      of(
          "corp.example 192.0.2.1",
          "dev.corp.example 192.0.2.2",
          "lan 192.0.2.3",
          "10.in-addr.arpa 192.0.2.4");

  @Test
  void theLongestDomainDecides() {
    assertThat(route("www.corp.example")).isEqualTo("corp.example");
    assertThat(route("corp.example")).isEqualTo("corp.example");
    assertThat(route("a.b.dev.corp.example")).isEqualTo("dev.corp.example");
    assertThat(route("notcorp.example")).isEqualTo(".");
    assertThat(route("example")).isEqualTo(".");
    assertThat(route("lan")).isEqualTo("lan");
    assertThat(route("4.3.2.10.in-addr.arpa")).isEqualTo("10.in-addr.arpa");
  }

  @Test
  void withoutRoutesAllTakeThatOfTheRest() {
    assertThat(Routes.NONE.of(question("www.corp.example")).index()).isZero();
    assertThat(Routes.NONE.legs()).hasSize(1);
  }

  @Test
  void aTargetKeepsTheRouteOfTheQuestionInASpaceOfItsOwn() {
    Question asked = question("www.corp.example");
    Question target = question("cdn.example.net");
    int space = routes.spaceOf(target, asked, AliasRoute.QUESTION);
    assertThat(space).isNotZero();
    Question child = target.inSpace(space);
    assertThat(routes.of(child).route().title()).isEqualTo("corp.example");
    assertThat(child).as("not what clients find").isNotEqualTo(target);
    Question next = question("edge.example.net");
    assertThat(routes.spaceOf(next, child, AliasRoute.QUESTION)).isEqualTo(space);
  }

  @Test
  void aTargetOfTheSameRouteIsAClientsQuestion() {
    Question asked = question("www.corp.example");
    assertThat(routes.spaceOf(question("web.corp.example"), asked, AliasRoute.QUESTION)).isZero();
    Question out = question("cdn.example.net").inSpace(routes.of(asked).space());
    assertThat(routes.spaceOf(question("web.corp.example"), out, AliasRoute.QUESTION)).isZero();
    Question rest = question("www.example.net");
    assertThat(routes.spaceOf(question("cdn.example.net"), rest, AliasRoute.QUESTION)).isZero();
  }

  @Test
  void aTargetOfAnotherRouteIsAskedForByThatOfTheRest() {
    int space =
        routes.spaceOf(question("nas.lan"), question("www.example.net"), AliasRoute.QUESTION);
    assertThat(space).isNotZero();
    assertThat(routes.of(question("nas.lan").inSpace(space)).index()).isZero();
  }

  @Test
  void aTargetTakesItsOwnRouteWhereTheSettingSaysSo() {
    assertThat(
            routes.spaceOf(
                question("cdn.example.net"), question("www.corp.example"), AliasRoute.OWN))
        .isZero();
  }

  @Test
  void aChangeTouchesTheNamesThatTakeAnotherRouteAndNoOthers() {
    Routes next =
        routes.replacedBy(
            parsed(
                "corp.example 192.0.2.9",
                "dev.corp.example 192.0.2.2",
                "lan 192.0.2.3",
                "new.example refuse"));
    Predicate<Question> touched = routes.differenceTo(next);
    assertThat(touched).accepts(question("www.corp.example"), question("corp.example"));
    assertThat(touched).accepts(question("4.3.2.10.in-addr.arpa"), question("a.new.example"));
    assertThat(touched)
        .rejects(question("a.dev.corp.example"), question("nas.lan"), question("www.example.net"));
  }

  @Test
  void theOrderOfRoutesMeansNothing() {
    Routes next =
        routes.replacedBy(
            parsed(
                "lan 192.0.2.3",
                "10.in-addr.arpa 192.0.2.4",
                "dev.corp.example 192.0.2.2",
                "corp.example 192.0.2.1"));
    assertThat(routes.differenceTo(next))
        .rejects(question("a.dev.corp.example"), question("nas.lan"));
  }

  @Test
  void aRouteThatChangesGetsAnotherSpaceAndOthersKeepTheirs() {
    Routes next = routes.replacedBy(parsed("lan 192.0.2.9", "corp.example 192.0.2.1"));
    assertThat(space(next, "www.corp.example")).isEqualTo(space(routes, "www.corp.example"));
    assertThat(routes.legs()).noneMatch(leg -> leg.space() == space(next, "nas.lan"));
    Question old = question("cdn.example.net").inSpace(space(routes, "nas.lan"));
    assertThat(next.of(old).index()).as("of a route that is no more").isZero();
  }

  @Test
  void spacesNeverRunOut() {
    Routes changing = Routes.NONE;
    for (int i = 0; i < 70_000; i++) {
      changing =
          changing.replacedBy(
              List.of(new Route("lan.", Route.Action.FORWARD, List.of("s" + i), null)));
      assertThat(changing.legs().get(1).space()).isBetween(2, 0xffff);
    }
  }

  private String route(String name) {
    return routes.of(question(name)).route().title();
  }

  private static int space(Routes of, String name) {
    return of.of(question(name)).space();
  }

  private static Routes of(String... texts) {
    return Routes.NONE.replacedBy(parsed(texts));
  }

  private static List<Route> parsed(String... texts) {
    return Stream.of(texts).map(text -> Route.parse(text, word -> word)).toList();
  }

  private static Question question(String name) {
    return Answers.question(name, "A");
  }
}
