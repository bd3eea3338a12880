package resolver.query;

/**
 * When servers were heard, in the ticker's nanoseconds and to a tenth of a second. Any thread may
 * ask.
 */
@FunctionalInterface
public interface ServerNews {
  /** Stands for a time that was not yet. */
  long NEVER = Long.MIN_VALUE;

  /** When one of those that are asked a question was heard last, or others were taken. */
  long heardAt(Question question);

  /** When one of them came back last that had been set aside for its silence, or others came. */
  default long backAt(Question question) {
    return NEVER;
  }
}
