/** What a monitoring system and a browser read over HTTP; nobody can change anything there. */
@NullMarked
package resolver.metrics;

import org.jspecify.annotations.NullMarked;
