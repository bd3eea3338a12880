package resolver.policy;

/** What becomes of questions for the addresses of a name of one label, such as {@code nas}. */
public enum SingleLabel {
  /** As FORWARD where all upstream servers are private, as LOCAL_ONLY where one is public. */
  AUTO,
  /** They go upstream like all others. */
  FORWARD,
  /** Without local data, there is no such name: NXDOMAIN. */
  LOCAL_ONLY,
  /** Without local data, they are answered REFUSED. */
  REFUSE
}
