@NullMarked
package resolver.control;

import org.jspecify.annotations.NullMarked;
