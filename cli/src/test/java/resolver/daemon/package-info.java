/** A daemon with all that its process gives it, within a test. */
@NullMarked
package resolver.daemon;

import org.jspecify.annotations.NullMarked;
