/**
 * What single steps of a query's walk cost, in time and in garbage, measured with JMH by {@code
 * tests/bench/jmh}. Compiled by every build, run by none.
 */
@NullMarked
package resolver.bench;

import org.jspecify.annotations.NullMarked;
