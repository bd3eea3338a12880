package resolver.selection;

/** By which route the target of an alias is asked for, where a server has left it out. */
public enum AliasRoute {
  /** By that of the name that the client asked for. */
  QUESTION,
  /** By its own, like a question of a client. */
  OWN
}
