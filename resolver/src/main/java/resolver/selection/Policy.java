package resolver.selection;

/** How the servers of a group are chosen. */
public enum Policy {
  /** As they are listed; a later one only while those before it fail. */
  SEQUENTIAL,
  /** The one that answers soonest. */
  FASTEST,
  /** Each in its turn. */
  ROUND_ROBIN,
  /** The two that answer soonest at once; the first good answer wins. */
  RACE
}
