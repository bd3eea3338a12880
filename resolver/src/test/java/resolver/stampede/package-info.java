/** Tests of the crowd and its counting upstream. */
@NullMarked
package resolver.stampede;

import org.jspecify.annotations.NullMarked;
