/** How well a model knows stories that people wrote. */
package storyloom.model.eval;
