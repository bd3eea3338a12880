/**
 * The road to the servers that know: {@code Forwarder} finds the group of servers that the route of
 * a question allows, and a {@code Lookup} asks one of them, as package {@code selection} decides,
 * with a transport of this package, and tries again. A {@code StreamLink} has connections, over
 * which a {@code Carrier} moves messages, behind a {@code Shield} where they are encrypted; {@code
 * Bootstrap} finds addresses of servers, and {@code Discovery} encrypted ones. What comes back is
 * taken apart by {@code WireReply} and cut to what belongs to the question by {@code CleanReply};
 * {@code AliasChaser} asks for the end of a chain that a server left dangling. dnsjava writes the
 * queries and reads the names.
 */
@NullMarked
package resolver.upstream;

import org.jspecify.annotations.NullMarked;
