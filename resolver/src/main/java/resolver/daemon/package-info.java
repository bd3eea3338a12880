/**
 * Puts the parts together, starts them, reloads, drains and stops them, and tells systemd. The
 * order of the pipeline stands here and nowhere else.
 */
@NullMarked
package resolver.daemon;

import org.jspecify.annotations.NullMarked;
