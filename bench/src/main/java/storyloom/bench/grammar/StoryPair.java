package storyloom.bench.grammar;

/**
 * A prompt, a story for it, and the four things that both of them name.
 *
 * @param prompt one or two sentences
 * @param story a few sentences; {@code <newline>} stands for a paragraph break
 * @param hero one lower-case word
 * @param object one lower-case word
 * @param place one lower-case word
 * @param wish what the hero wants to do: an infinitive without "to"
 * @param fulfilment the same in the past tense
 */
public record StoryPair(
    String prompt,
    String story,
    String hero,
    String object,
    String place,
    String wish,
    String fulfilment) {}
