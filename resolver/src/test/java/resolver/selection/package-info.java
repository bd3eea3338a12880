@NullMarked
package resolver.selection;

import org.jspecify.annotations.NullMarked;
