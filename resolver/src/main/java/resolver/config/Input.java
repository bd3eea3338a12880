package resolver.config;

/**
 * A value that somebody set.
 *
 * @param place where it was written
 * @param told how it was written
 * @param value what it means
 */
record Input(Place place, String told, Object value) {}
