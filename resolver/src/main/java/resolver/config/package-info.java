/**
 * From a TOML file to checked settings. The records live beside the code that they set; this
 * package alone knows the file and its keys.
 */
@NullMarked
package resolver.config;

import org.jspecify.annotations.NullMarked;
