@NullMarked
package resolver.config;

import org.jspecify.annotations.NullMarked;
