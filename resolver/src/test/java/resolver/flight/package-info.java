/** Tests of merging: the flights alone first, then the stage. */
@NullMarked
package resolver.flight;

import org.jspecify.annotations.NullMarked;
