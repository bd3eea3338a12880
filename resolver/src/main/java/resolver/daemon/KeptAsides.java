package resolver.daemon;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import resolver.cache.AnswerCache;
import resolver.query.Answer;
import resolver.query.Question;
import resolver.selection.AliasRoute;
import resolver.selection.Routes;
import resolver.upstream.AliasChaser;

/**
 * Keeps in the cache what answers say about names that were not asked for. It came by the route of
 * the question, so that alone tells its space, wherever the targets of aliases are asked for. Any
 * thread may call.
 */
final class KeptAsides implements AliasChaser.Asides {
  private final AnswerCache cache;
  private final Supplier<Routes> routes;
  private final AtomicInteger forgettings = new AtomicInteger();

  /**
   * None yet.
   *
   * @param routes those in force
   */
  KeptAsides(AnswerCache cache, Supplier<Routes> routes) {
    this.cache = cache;
    this.routes = routes;
  }

  /**
   * Something is about to be forgotten, so lookups under way keep nothing aside any more; comes
   * before the cache is cleared.
   */
  void forgetting() {
    forgettings.incrementAndGet();
  }

  @Override
  public int forgettings() {
    return forgettings.get();
  }

  @Override
  public int spaceOf(Question target, Question asked) {
    return routes.get().spaceOf(target, asked, AliasRoute.QUESTION);
  }

  @Override
  public void keep(Question target, Answer answer) {
    cache.keep(target, answer);
  }

  @Override
  public void takeBack(Question target, Answer answer) {
    cache.takeBack(target, answer);
  }
}
