package resolver.query;

import java.util.List;

/** Stages in a row, each asked before the next. */
public final class Pipeline {
  private Pipeline() {}

  /** A kind of answer source that passes on what it cannot answer. */
  @FunctionalInterface
  public interface Stage {
    /** This stage, passing on to {@code next}. */
    AnswerSource before(AnswerSource next);
  }

  /**
   * Joins stages to one source.
   *
   * @param stages the first is asked first
   * @param last is asked when no stage answers
   */
  public static AnswerSource of(List<Stage> stages, AnswerSource last) {
    AnswerSource source = last;
    for (int i = stages.size() - 1; i >= 0; i--) {
      source = stages.get(i).before(source);
    }
    return source;
  }
}
