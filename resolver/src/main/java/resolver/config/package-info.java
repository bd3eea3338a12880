/**
 * From a TOML file and flags to checked settings. The records live beside the code that they set
 * and are the schema: a table is named like a component of {@link resolver.config.Settings}, a key
 * like a component of that table's record, in kebab-case, and the component's type decides how its
 * value is written ({@code Kind}).
 *
 * <p>The road: {@code TomlFile} turns text into raw values with their lines, {@code Reading} finds
 * the setting of each and reads it, {@code Binder} puts them into records, whose own checks judge
 * them. Every step adds its complaints to one list, which {@link resolver.config.SettingsLoader}
 * throws as one {@link resolver.config.SettingsException}. This package alone knows the file and
 * its keys; without a file no class of the TOML parser is loaded.
 */
@NullMarked
package resolver.config;

import org.jspecify.annotations.NullMarked;
