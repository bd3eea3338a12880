package resolver.query;

/** Answers a question, or passes it on. Never knows the client. */
public interface AnswerSource {
  /**
   * Asks. The receiver gets exactly one answer: at once, on the calling thread and before this
   * returns, or later on the receiver's executor; none once the asker has left.
   *
   * <p>Must not block. A DNS failure is an answer; this throws for a defect only.
   *
   * @return the way to leave; {@link Pending#DONE} where the answer was given at once
   */
  Pending ask(Ask ask, Receiver to);
}
