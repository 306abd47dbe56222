/** What a trained model is on disk: its description, vocabulary and weights, each checked. */
package storyloom.model.bundle;
