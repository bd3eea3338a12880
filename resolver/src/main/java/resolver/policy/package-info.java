/**
 * The two doors of the client half.
 *
 * <p>The first, {@link resolver.policy.LocalRules}, answers what nobody is asked: by type, from the
 * records and zones of the settings, from the hosts file, and for names of special use. The second,
 * {@link resolver.policy.AnswerRules}, judges each answer before it goes out.
 */
@NullMarked
package resolver.policy;

import org.jspecify.annotations.NullMarked;
