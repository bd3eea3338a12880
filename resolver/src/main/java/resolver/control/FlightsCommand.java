package resolver.control;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.List;
import resolver.flight.FlightSnapshot;
import resolver.query.Question;
import resolver.selection.ServerStatus;

/** {@code flights [MOST]}: the lookups under way, the oldest first. */
public final class FlightsCommand implements ControlCommand {
  private static final int MOST = 1000;

  private final ExplainCommand.Knowledge knowledge;

  /** Tells of the flights that are known. */
  public FlightsCommand(ExplainCommand.Knowledge knowledge) {
    this.knowledge = knowledge;
  }

  @Override
  public String name() {
    return "flights";
  }

  @Override
  public void run(List<String> words, ControlReply out) throws IOException {
    int most = most(words);
    List<FlightSnapshot<Question>> all = knowledge.flights();
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
    json.name("name").value(question.nameText());
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
    json.name("route").value(knowledge.route(question).title());
    json.name("servers").beginArray();
    for (ServerStatus server : knowledge.servers(question)) {
      json.value(server.name());
    }
    json.endArray();
    json.endObject();
  }
}
