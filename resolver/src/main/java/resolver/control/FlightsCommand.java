package resolver.control;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import resolver.flight.FlightSnapshot;
import resolver.query.Question;
import resolver.selection.ServerStatus;

/** {@code flights [MOST]}: the lookups under way, the oldest first. */
public final class FlightsCommand implements ControlCommand {
  private static final int MOST = 1000;

  private final Flights flights;
  private final Roads roads;

  /** The flights under way. */
  public interface Flights {
    /** All of them, the oldest first. */
    List<FlightSnapshot<Question>> now();
  }

  /**
   * Who is asked upstream.
   *
   * @param domainOf the domain of the route that a question takes
   * @param serversOf the servers of that route, in the order in which they would be asked now
   */
  public record Roads(
      Function<Question, String> domainOf, Function<Question, List<ServerStatus>> serversOf) {}

  /** Tells of flights. */
  public FlightsCommand(Flights flights, Roads roads) {
    this.flights = flights;
    this.roads = roads;
  }

  @Override
  public String name() {
    return "flights";
  }

  @Override
  public void run(List<String> words, ControlReply out) throws IOException {
    int most = most(words);
    List<FlightSnapshot<Question>> all = flights.now();
    out.object(
        json -> {
          json.name("schema").value(1);
          json.name("count").value(all.size());
          json.name("waiters").value(all.stream().mapToLong(FlightSnapshot::waiters).sum());
          json.name("flights").beginArray();
          for (FlightSnapshot<Question> flight : all.subList(0, Math.min(most, all.size()))) {
            write(json, flight);
          }
          json.endArray();
        });
  }

  private static int most(List<String> words) {
    if (words.isEmpty()) {
      return MOST;
    }
    try {
      int most = Integer.parseInt(words.get(0));
      if (words.size() == 1 && most >= 0) {
        return most;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new ControlException("flights: " + words + " (expected: how many to list at most)");
  }

  private void write(JsonWriter json, FlightSnapshot<Question> flight) throws IOException {
    Question question = flight.key();
    json.beginObject();
    json.name("id").value(flight.id());
    json.name("name").value(Words.nameOf(question));
    json.name("type").value(Words.typeOf(question));
    json.name("checkingDisabled").value(question.checkingDisabled());
    json.name("ageMillis").value(Words.millis(flight.age()));
    json.name("waiters").value(flight.waiters());
    json.name("forgotten").value(flight.forgotten());
    json.name("waitsFor").beginArray();
    for (Long other : flight.waitsFor()) {
      json.value(other);
    }
    json.endArray();
    json.name("route").value(roads.domainOf().apply(question));
    json.name("servers").beginArray();
    for (ServerStatus server : roads.serversOf().apply(question)) {
      json.value(server.name());
    }
    json.endArray();
    json.endObject();
  }
}
