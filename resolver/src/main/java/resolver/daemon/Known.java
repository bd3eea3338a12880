package resolver.daemon;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import resolver.cache.CacheEntry;
import resolver.cache.FailureEntry;
import resolver.control.ExplainCommand;
import resolver.flight.FlightSnapshot;
import resolver.query.Answer;
import resolver.query.Question;
import resolver.selection.Policy;
import resolver.selection.Route;
import resolver.selection.ServerStatus;
import resolver.settings.Spelling;

/** What a daemon knows of a question. */
record Known(Parts parts) implements ExplainCommand.Knowledge {
  @Override
  public @Nullable Answer localAnswer(Question question) {
    return parts.localRules().answer(question);
  }

  @Override
  public Answer judged(Question question, Answer answer) {
    return parts.answerRules().judge(question, answer, parts.answerRules().edition().number());
  }

  @Override
  public Route route(Question question) {
    return parts.core().routes().of(question).route();
  }

  @Override
  public String policy(Question question) {
    Policy own = route(question).policy();
    Policy policy = own == null ? parts.settings().upstream().policy() : own;
    return Spelling.word(policy);
  }

  @Override
  public List<ServerStatus> servers(Question question) {
    return parts.forwarder().serversOf(question);
  }

  @Override
  public List<CacheEntry> entries(Question question) {
    return parts.core().cache().entries(question.name());
  }

  @Override
  public List<FailureEntry> failures(Question question) {
    return parts.core().failures().entries(question.name());
  }

  @Override
  public List<FlightSnapshot<Question>> flights() {
    return parts.core().group().flights().snapshot();
  }

  @Override
  public Duration staleAfter() {
    return parts.settings().cache().staleAfter();
  }

  @Override
  public long now() {
    return parts.ticker().nanos();
  }
}
