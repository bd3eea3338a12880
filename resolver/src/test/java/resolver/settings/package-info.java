@NullMarked
package resolver.settings;

import org.jspecify.annotations.NullMarked;
