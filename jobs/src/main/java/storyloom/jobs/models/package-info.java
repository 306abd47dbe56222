/**
 * What {@code bin/models} shows of the models below home, and what keeps home from filling up. What
 * is changed is changed by {@code storyloom.model.registry}.
 *
 * <p>Read first: {@link storyloom.jobs.models.Housekeeping}.
 */
package storyloom.jobs.models;
