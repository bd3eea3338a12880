/**
 * The heart: {@code SingleFlight} merges simultaneous runs for one key into one, and knows nothing
 * of DNS; {@code LookupGroup} is the stage that merges simultaneous lookups of one question with
 * it.
 */
@NullMarked
package resolver.flight;

import org.jspecify.annotations.NullMarked;
