package resolver.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import resolver.observe.Ledger;
import resolver.settings.Addresses;
import resolver.settings.Words;
import resolver.stampede.CountingUpstream;
import resolver.stampede.Fault;
import resolver.stampede.Scorecard;
import resolver.stampede.StampedeSettings;
import resolver.stampede.Target;
import resolver.stampede.Verdict;

/** The scorecard of a stampede, for people and for programs. */
final class StampedeReport {
  private static final int LABEL = 18;

  private final Scorecard card;
  private final StampedeSettings settings;
  private final StampedeOptions options;
  private final String server;
  private final String upstream;
  private final @Nullable String ledger;
  private final boolean ours;

  StampedeReport(
      Scorecard card,
      StampedeSettings settings,
      StampedeOptions options,
      Target target,
      CountingUpstream upstream,
      boolean ours) {
    this.card = card;
    this.settings = settings;
    this.options = options;
    this.server = Addresses.format(target.address());
    this.upstream = Addresses.format(upstream.address());
    Ledger counted = target.ledger();
    this.ledger = counted == null ? null : counted.summary();
    this.ours = ours;
  }

  /** Whether nothing speaks against the server. */
  boolean isClean() {
    return card.complaints().isEmpty();
  }

  /** The scorecard in aligned lines. */
  List<String> lines() {
    Scorecard.Upstream seen = card.upstream();
    Scorecard.Times times = card.times();
    List<String> lines = new ArrayList<>();
    add(lines, "server", server + (ours ? " (a daemon of ours, started beside)" : ""));
    add(
        lines,
        "crowd",
        text(
            "%s on %s, %s; %s%s",
            number(card.udpPerRound(), "UDP client"),
            number(settings.udpSockets(), "socket"),
            number(card.tcpPerRound(), "TCP client"),
            number(card.rounds(), "round"),
            card.rounds() == card.roundsWanted()
                ? ""
                : text(" of %,d, then stopped", card.roundsWanted())));
    add(
        lines,
        "upstream",
        upstream + ", answers after " + Words.duration(options.delay()) + ", seed " + seed());
    add(lines, "questions", text("%,d", card.questions()));
    add(
        lines,
        "answers",
        text(
            "%,d   right %,d   wrong %,d   missing %,d",
            card.answers(), card.right(), card.wrong(), card.missing()));
    if (!others().isEmpty()) {
      add(lines, "", others());
    }
    add(
        lines,
        "asked again",
        text(
            "%,d   right at first asking %,d   strays %,d",
            card.resends(), card.atFirst(), card.strays()));
    add(
        lines,
        "upstream queries",
        text(
            "%,d   for a name: min %,d   median %,d   max %,d",
            seen.queries(), seen.least(), seen.median(), seen.most()));
    add(lines, "faults", text("%,d", seen.faultsInAll()) + faults());
    add(
        lines,
        "to be guessed",
        number(seen.askers(), "pair") + " of port and ID for a name, at most");
    add(
        lines,
        "answer after",
        text(
            "first %s   middle %s   last %s   worst %s",
            ms(times.first()), ms(times.median()), ms(times.last()), ms(times.worst())));
    add(
        lines,
        "waited",
        text("leader %s   followers %s", ms(times.leader()), ms(times.followers())));
    add(lines, "send skew", ms(times.skew()));
    if (ledger != null) {
      add(lines, "daemon", ledger);
    }
    add(lines, "verdict", verdict());
    return lines;
  }

  private String verdict() {
    if (card.rounds() == 0) {
      return "none, for no round was whole";
    }
    return isClean()
        ? "good: everybody was answered, with no needless query upstream"
        : "bad: " + String.join("; ", card.complaints());
  }

  /** The verdicts beyond right and missing that anybody came to. */
  private String others() {
    return card.verdicts().entrySet().stream()
        .filter(entry -> entry.getKey() != Verdict.RIGHT && entry.getKey() != Verdict.MISSING)
        .filter(entry -> entry.getValue() > 0)
        .map(entry -> text("%s %,d", entry.getKey().words(), entry.getValue()))
        .collect(Collectors.joining("   "));
  }

  private String faults() {
    return card.upstream().faults().entrySet().stream()
        .map(entry -> text("   %s %,d", entry.getKey().word(), entry.getValue()))
        .collect(Collectors.joining());
  }

  private String seed() {
    return Long.toString(options.seed());
  }

  private static void add(List<String> lines, String label, String value) {
    lines.add(label + " ".repeat(LABEL - label.length()) + value);
  }

  private static String number(long number, String of) {
    return text("%,d %s%s", number, of, number == 1 ? "" : "s");
  }

  private static String ms(long nanos) {
    return nanos < 0 ? "-" : text("%.1f ms", nanos / 1e6);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** The scorecard as JSON, schema 1. */
  String json(int exitCode) {
    JsonWriter json = new JsonWriter();
    json.beginObject().key("schema").value(1);
    json.key("server").beginObject();
    json.key("kind").value(ours ? "daemon" : "server").key("address").value(server).endObject();
    json.key("clients").beginObject();
    json.key("udp").value(card.udpPerRound()).key("tcp").value(card.tcpPerRound());
    json.key("udpSockets").value(settings.udpSockets()).endObject();
    json.key("rounds").value(card.rounds()).key("roundsWanted").value(card.roundsWanted());
    json.key("delay").value(options.delay().toMillis()).key("seed").value(options.seed());
    json.key("questions").value(card.questions()).key("answers").value(card.answers());
    json.key("right").value(card.right()).key("wrong").value(card.wrong());
    json.key("missing").value(card.missing()).key("rightAtFirst").value(card.atFirst());
    json.key("verdicts").beginObject();
    for (Map.Entry<Verdict, Long> each : card.verdicts().entrySet()) {
      json.key(each.getKey().words()).value(each.getValue());
    }
    json.endObject();
    json.key("resends").value(card.resends()).key("strays").value(card.strays());
    upstream(json);
    times(json);
    json.key("ledger");
    if (ledger == null) {
      json.nothing();
    } else {
      json.value(ledger);
    }
    json.key("complaints").beginArray();
    card.complaints().forEach(json::value);
    return json.endArray().key("exitCode").value(exitCode).endObject().toString();
  }

  private void upstream(JsonWriter json) {
    Scorecard.Upstream seen = card.upstream();
    json.key("upstream").beginObject().key("address").value(upstream);
    json.key("queries").value(seen.queries()).key("queriesAllowed").value(card.queriesAllowed());
    json.key("perName").beginObject().key("min").value(seen.least());
    json.key("median").value(seen.median()).key("max").value(seen.most()).endObject();
    json.key("askers").value(seen.askers()).key("faults").beginObject();
    for (Fault fault : Fault.values()) {
      json.key(fault.word()).value(seen.faults().getOrDefault(fault, 0L));
    }
    json.endObject().endObject();
  }

  private void times(JsonWriter json) {
    Scorecard.Times times = card.times();
    json.key("milliseconds").beginObject();
    time(json, "first", times.first());
    time(json, "middle", times.median());
    time(json, "last", times.last());
    time(json, "worst", times.worst());
    time(json, "leader", times.leader());
    time(json, "followers", times.followers());
    time(json, "skew", times.skew());
    json.endObject();
  }

  private static void time(JsonWriter json, String name, long nanos) {
    json.key(name);
    if (nanos < 0) {
      json.nothing();
    } else {
      json.thousandths(nanos / 1000);
    }
  }
}
