package resolver.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes as the settings write them. */
class RouteTest {
  @Test
  void aRouteNamesServersAndPerhapsAPolicy() {
    Route route = parse("Corp.Example  192.0.2.1 192.0.2.2 policy=round-robin");
    assertThat(route.domain()).isEqualTo("corp.example.");
    assertThat(route.action()).isEqualTo(Route.Action.FORWARD);
    assertThat(route.servers()).isEqualTo(List.of("<192.0.2.1>", "<192.0.2.2>"));
    assertThat(route.policy()).isEqualTo(Policy.ROUND_ROBIN);
    assertThat(parse("lan 192.0.2.1").policy()).isNull();
  }

  @Test
  void aRouteMayLeadNowhere() {
    assertThat(parse("ads.example refuse").action()).isEqualTo(Route.Action.REFUSE);
    assertThat(parse("10.in-addr.arpa local-only").action()).isEqualTo(Route.Action.LOCAL_ONLY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "corp.example <192.0.2.1> <192.0.2.2> policy=race",
        "lan <192.0.2.1>",
        "ads.example refuse",
        "printer.example local-only"
      })
  void aRouteIsWrittenAsItIsRead(String text) {
    assertThat(Route.parse(text, word -> word)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "corp.example|a domain, then servers",
        "'bad..name 192.0.2.1'|a domain, then servers",
        "corp.example policy=race|a domain, then servers",
        "corp.example refuse 192.0.2.1|\"refuse\" alone behind the domain",
        "corp.example 192.0.2.1 local-only|\"local-only\" alone behind the domain",
        "corp.example 192.0.2.1 policy=best|one of policy=sequential, policy=fastest",
        "corp.example 192.0.2.1 192.0.2.1|each server of a route once",
        ". 192.0.2.1|upstream.servers"
      })
  void whatIsNoRouteIsToldSo(String text, String expected) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void aRouteHasNoMoreServersThanFit() {
    StringBuilder text = new StringBuilder("corp.example");
    for (int i = 0; i < 17; i++) {
      text.append(" 192.0.2.").append(i);
    }
    assertThatThrownBy(() -> parse(text.toString())).hasMessageContaining("at most 16");
  }

  private static Route parse(String text) {
    return Route.parse(text, word -> "<" + word + ">");
  }

  @Test
  void everyComponentCounts() {
    Route route = new Route("a.", Route.Action.FORWARD, List.of("192.0.2.1"), Policy.RACE);
    List<Route> others =
        List.of(
            new Route("b.", Route.Action.FORWARD, List.of("192.0.2.1"), Policy.RACE),
            new Route("a.", Route.Action.REFUSE, List.of("192.0.2.1"), Policy.RACE),
            new Route("a.", Route.Action.FORWARD, List.of("192.0.2.2"), Policy.RACE),
            new Route("a.", Route.Action.FORWARD, List.of("192.0.2.1"), null));
    Route same = new Route("a.", Route.Action.FORWARD, List.of("192.0.2.1"), Policy.RACE);

    assertThat(others).hasSameSizeAs(Route.class.getRecordComponents()).doesNotContain(route);
    assertThat(same).isEqualTo(route).hasSameHashCodeAs(route);
  }
}
