package resolver.daemon;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;
import resolver.clock.ProcessAge;
import resolver.control.ControlCommand;
import resolver.control.ControlReply;
import resolver.control.UpstreamsCommand;
import resolver.observe.Ledger;
import resolver.observe.Ledger.Count;
import resolver.observe.Residence;
import resolver.observe.Shares;
import resolver.query.QueryObserver.Outcome;
import resolver.settings.Addresses;

/** {@code status}: the daemon at a glance. */
final class StatusCommand implements ControlCommand {
  private final Parts parts;
  private final UpstreamsCommand upstreams;
  private final Supplier<String> source;

  /**
   * Tells of a daemon.
   *
   * @param source where its settings are from
   */
  StatusCommand(Parts parts, UpstreamsCommand upstreams, Supplier<String> source) {
    this.parts = parts;
    this.upstreams = upstreams;
    this.source = source;
  }

  @Override
  public String name() {
    return "status";
  }

  @Override
  public void run(List<String> words, ControlReply out) throws IOException {
    takesNone(words);
    out.object(this::write);
  }

  private void write(JsonWriter json) throws IOException {
    json.name("schema").value(1);
    process(json);
    json.name("settings").value(source.get());
    json.name("listening").beginArray();
    for (InetSocketAddress address : parts.addresses().get()) {
      json.value(Addresses.format(address));
    }
    json.endArray();
    upstreams.write(json);
    cache(json);
    queries(json, parts.ledger());
    flights(json);
    ledger(json, parts.ledger());
    memory(json);
  }

  private void process(JsonWriter json) throws IOException {
    Version version = Version.current();
    long up = ProcessAge.millis();
    Instant since = Instant.ofEpochMilli(parts.ticker().wallMillis() - up);
    json.name("version").value(version.number());
    json.name("commit").value(version.commit());
    json.name("java").value(Version.java());
    json.name("pid").value(ProcessHandle.current().pid());
    json.name("upSince").value(since.truncatedTo(ChronoUnit.SECONDS).toString());
    json.name("upSeconds").value(up / 1000.0);
  }

  private void cache(JsonWriter json) throws IOException {
    json.name("cache").beginObject();
    json.name("answers").value(parts.core().cache().size());
    json.name("failures").value(parts.core().failures().size());
    json.name("octets").value(parts.core().cache().weight());
    json.name("octetsAtMost").value(parts.settings().cache().size());
    json.endObject();
  }

  private static void queries(JsonWriter json, Ledger ledger) throws IOException {
    Shares shares = ledger.shares();
    json.name("queries").beginObject();
    json.name("received").value(ledger.received());
    shares.writeTo(json);
    ratio(json, "hitRatio", shares.hitRatio());
    ratio(json, "mergeRatio", shares.mergeRatio());
    json.endObject();
  }

  private static void ratio(JsonWriter json, String name, double ratio) throws IOException {
    json.name(name);
    if (Double.isNaN(ratio)) {
      json.nullValue();
    } else {
      json.value(Math.round(10_000 * ratio) / 10_000.0);
    }
  }

  private void flights(JsonWriter json) throws IOException {
    var flights = parts.core().group().flights();
    json.name("flights").beginObject();
    json.name("underWay").value(flights.inFlight());
    json.name("detached").value(flights.detached());
    json.name("octets").value(flights.weight());
    json.name("oldestMillis").value(flights.oldestAge() / 1_000_000);
    json.endObject();
  }

  private static void ledger(JsonWriter json, Ledger ledger) throws IOException {
    json.name("ledger").beginObject();
    for (Outcome outcome : Outcome.values()) {
      long count = ledger.get(outcome);
      if (count != 0) {
        json.name(Ledger.words(outcome)).value(count);
      }
    }
    json.name("sent upstream").value(ledger.sent());
    json.name("answers refused").value(ledger.get(Count.ANSWERS_REFUSED));
    json.name("responses lost").value(ledger.get(Count.RESPONSES_LOST));
    json.name("kernel drops").value(ledger.get(Count.KERNEL_DROPS));
    json.endObject();
  }

  private static void memory(JsonWriter json) throws IOException {
    Runtime runtime = Runtime.getRuntime();
    json.name("memory").beginObject();
    json.name("heapUsed").value(runtime.totalMemory() - runtime.freeMemory());
    json.name("heapAtMost").value(runtime.maxMemory());
    json.name("resident").value(Residence.octets());
    json.endObject();
  }
}
