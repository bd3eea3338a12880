package resolver.control;

/** A log whose level can be changed while the process runs. */
public interface LogLevels {
  /**
   * Changes the least severe lines that the resolver's own classes write.
   *
   * @param level ERROR, WARN, INFO or DEBUG
   */
  void set(String level);
}
