package resolver.tests;

/**
 * Two responses to one question.
 *
 * @param respelled whether it was asked in other letters before
 * @param direct that of the upstream server
 * @param ours that of the daemon in between
 */
record Pair(Asked question, boolean respelled, Reply direct, Reply ours) {
  boolean bothCut() {
    return direct.has(Reply.TC) && ours.has(Reply.TC);
  }

  /** Whether the answers are the same but for capitals and small letters. */
  boolean sameInSmallLetters() {
    return direct.answer().stream()
        .map(Rr::inSmallLetters)
        .sorted(Rr.ORDER)
        .toList()
        .equals(ours.answer().stream().map(Rr::inSmallLetters).sorted(Rr.ORDER).toList());
  }

  @Override
  public String toString() {
    return "  unbound: " + direct + "\n  we: " + ours;
  }
}
