/**
 * Hostile input: the list of fuzz targets, which lie beside the code that they try, and what runs
 * them. The seeds of each are files under {@code fuzz} among the test resources; so is every input
 * that was a finding once.
 */
@NullMarked
package resolver.fuzz;

import org.jspecify.annotations.NullMarked;
