package resolver.config;

/**
 * Where a value was written.
 *
 * @param source the file, or the flag
 * @param line the line of the file, from 1; 0 for a flag
 */
record Place(String source, int line) {}
