/** From raw text to token ids and back; no Spark, no network. */
package storyloom.model.text;
