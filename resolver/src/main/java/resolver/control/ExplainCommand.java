package resolver.control;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;
import resolver.cache.CacheEntry;
import resolver.cache.FailureEntry;
import resolver.flight.FlightSnapshot;
import resolver.query.Answer;
import resolver.query.Question;
import resolver.selection.Route;
import resolver.selection.ServerStatus;
import resolver.settings.Spelling;
import resolver.wire.ExtendedError;

/** {@code explain NAME [TYPE]}: why a question is answered as it is, and what would be done now. */
public final class ExplainCommand implements ControlCommand {
  private final Knowledge knowledge;

  /** What decides about the answer to a question. */
  public interface Knowledge {
    /** What is answered here without asking anybody, or null. */
    @Nullable Answer localAnswer(Question question);

    /** What goes out in place of an answer: it itself, or a refusal. */
    Answer judged(Question question, Answer answer);

    /** The route that its name takes. */
    Route route(Question question);

    /** How one of the servers is chosen, as a setting writes it. */
    String policy(Question question);

    /** The servers of the route, in the order in which they would be asked now. */
    List<ServerStatus> servers(Question question);

    /** What is kept for the name. */
    List<CacheEntry> entries(Question question);

    /** The failures that stand for the name. */
    List<FailureEntry> failures(Question question);

    /** The lookups under way. */
    List<FlightSnapshot<Question>> flights();

    /** How long a client waits before it is given an answer past its TTL. */
    Duration staleAfter();

    /** The time, in the ticker's nanoseconds. */
    long now();
  }

  /** Explains what is known. */
  public ExplainCommand(Knowledge knowledge) {
    this.knowledge = knowledge;
  }

  @Override
  public String name() {
    return "explain";
  }

  @Override
  public void run(List<String> words, ControlReply out) throws IOException {
    if (words.isEmpty() || words.size() > 2) {
      throw new ControlException("explain: " + words + " (expected: a name, and perhaps a type)");
    }
    int type = words.size() == 2 ? Words.type(words.get(1)) : 1;
    Question question = Question.of(Words.name(words.get(0)), type, 1, false);
    out.object(json -> write(json, question));
  }

  private void write(JsonWriter json, Question question) throws IOException {
    long now = knowledge.now();
    Route route = knowledge.route(question);
    // Asked once: their order may be another one a moment later.
    List<ServerStatus> servers = knowledge.servers(question);
    Answer local = knowledge.localAnswer(question);
    List<CacheEntry> entries =
        knowledge.entries(question).stream().filter(e -> isFor(e.question(), question)).toList();
    List<FailureEntry> failures =
        knowledge.failures(question).stream().filter(e -> isFor(e.question(), question)).toList();
    FlightSnapshot<Question> flight =
        knowledge.flights().stream()
            .filter(f -> !f.forgotten() && f.key().equals(question))
            .findFirst()
            .orElse(null);
    json.name("schema").value(1);
    json.name("name").value(question.nameText());
    json.name("type").value(Words.typeOf(question));
    rule(json, local);
    route(json, route, knowledge.policy(question), servers, now);
    Entries.answers(json, entries, now);
    Entries.failures(json, failures);
    flight(json, flight);
    Verdict verdict = verdict(question, local, entries, failures, flight, new Road(route, servers));
    json.name("now").beginObject();
    json.name("outcome").value(verdict.outcome());
    json.name("why").value(verdict.why());
    json.endObject();
  }

  /** Of another part of the cache, or of the CD bit, are answers that this question never gets. */
  private static boolean isFor(Question kept, Question asked) {
    return kept.space() == asked.space()
        && kept.checkingDisabled() == asked.checkingDisabled()
        && (kept.type() == asked.type() || kept.type() == Question.EVERY_TYPE);
  }

  private static void rule(JsonWriter json, @Nullable Answer local) throws IOException {
    json.name("rule");
    if (local == null) {
      json.nullValue();
      return;
    }
    json.beginObject();
    json.name("rcode").value(Rcode.string(local.rcode()));
    json.name("why").value(why(local));
    json.endObject();
  }

  private static void route(
      JsonWriter json, Route route, String policy, List<ServerStatus> servers, long now)
      throws IOException {
    json.name("route").beginObject();
    json.name("domain").value(route.title());
    json.name("action").value(Spelling.word(route.action()));
    json.name("policy").value(policy);
    json.name("servers").beginArray();
    for (ServerStatus server : servers) {
      UpstreamsCommand.write(json, route.title(), server, now);
    }
    json.endArray();
    json.endObject();
  }

  private static void flight(JsonWriter json, @Nullable FlightSnapshot<Question> flight)
      throws IOException {
    json.name("flight");
    if (flight == null) {
      json.nullValue();
      return;
    }
    json.beginObject();
    json.name("id").value(flight.id());
    json.name("ageMillis").value(Words.millis(flight.age()));
    json.name("waiters").value(flight.waiters());
    json.endObject();
  }

  /**
   * What would be done with the question now.
   *
   * @param outcome the class that the ledger would count it in, as far as it can be told
   */
  private record Verdict(String outcome, String why) {}

  /** By which route a question goes upstream, and to whom, the first in turn first. */
  private record Road(Route route, List<ServerStatus> servers) {}

  private Verdict verdict(
      Question question,
      @Nullable Answer local,
      List<CacheEntry> entries,
      List<FailureEntry> failures,
      @Nullable FlightSnapshot<Question> flight,
      Road road) {
    if (local != null) {
      return new Verdict("local", "answered here, nobody is asked: " + why(local));
    }
    for (CacheEntry entry : entries) {
      if (entry.freshness().isFresh()) {
        return ofCache(question, entry);
      }
    }
    CacheEntry old = entries.stream().filter(CacheEntry::isUsable).findFirst().orElse(null);
    if (!failures.isEmpty()) {
      FailureEntry failure = failures.get(0);
      String left = " for " + Entries.seconds(failure.left()) + " s more";
      return old == null
          ? new Verdict("failure-hit", "the failure of a moment ago is given out" + left)
          : new Verdict("stale", "the last lookup failed: the old answer is given out" + left);
    }
    if (flight != null) {
      return new Verdict(
          "follower",
          "joins the lookup under way (flight "
              + flight.id()
              + ", waiters so far "
              + flight.waiters()
              + ")");
    }
    return new Verdict("leader", asked(road, old));
  }

  private Verdict ofCache(Question question, CacheEntry entry) {
    Answer out = knowledge.judged(question, entry.answer());
    String left = "fresh for " + Entries.seconds(entry.left()) + " s more";
    return out.equals(entry.answer())
        ? new Verdict("hit", "answered from the cache, " + left)
        : new Verdict("hit", "kept and " + left + ", but refused: " + why(out));
  }

  private String asked(Road road, @Nullable CacheEntry old) {
    String domain = road.route().title();
    String way = domain.equals(".") ? "" : " by the route " + domain;
    String first =
        road.servers().isEmpty()
            ? "answered SERVFAIL: there is no server to be asked" + way
            : "asked upstream" + way + ", " + road.servers().get(0).name() + " first";
    return old == null
        ? first
        : first
            + "; after "
            + Entries.seconds(knowledge.staleAfter())
            + " s, or on failure, the old answer is given out";
  }

  private static String why(Answer answer) {
    return answer.errors().stream()
        .map(ExtendedError::text)
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("local data");
  }
}
