package resolver.cache;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;
import resolver.query.Answer;
import resolver.query.Question;

/**
 * The time in which answers of an earlier run are put into a cache that is in use already. Nothing
 * that was heard or forgotten since the start gives way to them.
 *
 * <p>Any thread may call. Whoever keeps or forgets tells so here first and changes the cache then;
 * whoever restores puts an answer first, looks here again, and takes it out if need be. So one of
 * the two sees the other.
 */
final class Restoration {
  /** Beyond that the answers of this run are what the cache is full of. */
  private static final int MOST_HEARD = 1 << 17;

  private static final int MOST_FORGOTTEN = 1000;

  private final ConcurrentMap<Question, Answer> answers;
  private final Set<Question> heard = ConcurrentHashMap.newKeySet();
  private final List<BiPredicate<Question, Answer>> forgotten = new CopyOnWriteArrayList<>();
  private volatile boolean over;

  Restoration(ConcurrentMap<Question, Answer> answers) {
    this.answers = answers;
  }

  /** Something is about to be learned of a question. */
  void heard(Question question) {
    if (heard.size() >= MOST_HEARD) {
      over = true;
    } else {
      heard.add(question);
    }
  }

  /** What matches is about to be forgotten. */
  void forgotten(BiPredicate<Question, Answer> matches) {
    if (forgotten.size() >= MOST_FORGOTTEN) {
      over = true;
    } else {
      forgotten.add(matches);
    }
  }

  /** Whether nothing can be restored any more. */
  boolean isOver() {
    return over;
  }

  /** Puts an answer where nothing newer is known; tells whether it stays. */
  boolean put(Question question, Answer answer) {
    if (isSuperseded(question, answer) || answers.putIfAbsent(question, answer) != null) {
      return false;
    }
    if (isSuperseded(question, answer)) {
      answers.remove(question, answer);
      return false;
    }
    return true;
  }

  private boolean isSuperseded(Question question, Answer answer) {
    return over
        || heard.contains(question)
        || forgotten.stream().anyMatch(matches -> matches.test(question, answer))
        || isGone(question, answer);
  }

  /** Whether it became known later that there is no such name. */
  private boolean isGone(Question question, Answer answer) {
    if (question.type() == Question.EVERY_TYPE) {
      return false;
    }
    Answer noSuchName = answers.get(question.forEveryType());
    return noSuchName != null && noSuchName.arrivedAt() - answer.arrivedAt() > 0;
  }
}
