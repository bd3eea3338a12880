/**
 * The words that settings are written in (addresses, networks, durations, sizes), and the checks
 * that every settings record makes of its values.
 */
@NullMarked
package resolver.settings;

import org.jspecify.annotations.NullMarked;
