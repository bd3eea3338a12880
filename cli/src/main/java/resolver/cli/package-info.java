/**
 * The command {@code resolve}: parse, call one method, map the result to an exit code.
 *
 * <p>The road of a question: {@code Main} finds the command by the first word, {@code Request}
 * makes sense of the others, {@code Asking} decides who is asked and collects a {@code Reply} for
 * each question, {@code Outcome} judges it, and {@code Output} with {@code StatusLines}, or {@code
 * JsonOutput}, tells it.
 */
@NullMarked
package resolver.cli;

import org.jspecify.annotations.NullMarked;
