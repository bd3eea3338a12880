package resolver.control;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import resolver.clock.Ticker;
import resolver.selection.ServerState;
import resolver.selection.ServerStatus;

/** {@code upstreams}: what is known of the upstream servers. */
public final class UpstreamsCommand implements ControlCommand {
  private final Supplier<Map<String, List<ServerStatus>>> status;
  private final Supplier<String> source;
  private final Ticker ticker;

  /**
   * Tells of servers.
   *
   * @param status what is known of them, by the domain of their route
   * @param source the servers of the rest and where they come from, in words
   */
  public UpstreamsCommand(
      Supplier<Map<String, List<ServerStatus>>> status, Supplier<String> source, Ticker ticker) {
    this.status = status;
    this.source = source;
    this.ticker = ticker;
  }

  @Override
  public String name() {
    return "upstreams";
  }

  @Override
  public void run(List<String> words, ControlReply out) throws IOException {
    takesNone(words);
    out.object(
        json -> {
          json.name("schema").value(1);
          write(json);
        });
  }

  /** Writes the members of an object that tell of servers. */
  public void write(JsonWriter json) throws IOException {
    json.name("upstreamSource").value(source.get());
    json.name("upstreams").beginArray();
    for (Map.Entry<String, List<ServerStatus>> route : status.get().entrySet()) {
      for (ServerStatus server : route.getValue()) {
        write(json, route.getKey(), server, ticker.nanos());
      }
    }
    json.endArray();
  }

  static void write(JsonWriter json, String route, ServerStatus server, long now)
      throws IOException {
    json.beginObject();
    json.name("route").value(route);
    json.name("server").value(server.name());
    json.name("state").value(server.state());
    json.name("roundTripMillis");
    measured(json, server.roundTripNanos());
    json.name("lateMillis");
    measured(json, server.lateNanos());
    json.name("failures").value(server.failures());
    json.name("heardSecondsAgo");
    if (server.heardAt() == ServerState.NEVER) {
      json.nullValue();
    } else {
      json.value(Words.seconds(Math.max(0, now - server.heardAt())));
    }
    json.name("restsSeconds");
    if (server.restsUntil() == ServerState.NEVER) {
      json.nullValue();
    } else {
      json.value(Words.seconds(Math.max(0, server.restsUntil() - now)));
    }
    json.name("why").value(server.why());
    json.endObject();
  }

  private static void measured(JsonWriter json, long nanos) throws IOException {
    if (nanos == 0) {
      json.nullValue();
    } else {
      json.value(Words.millis(nanos));
    }
  }
}
