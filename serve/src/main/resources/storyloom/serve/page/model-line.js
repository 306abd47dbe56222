/**
 * What people want to know of the model: when it was trained, and on how much.
 *
 * @param {HTMLElement} line is filled with it
 * @param {object} about what the service tells of its model
 */
export function introduce(line, about) {
  const { created_at: trained, metrics } = about.provenance;
  const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
  const stories = metrics.train_pairs;
  const number = new Intl.NumberFormat('en').format(stories);
  const much = stories === undefined ? '' : ` on ${number} ${stories === 1 ? 'story' : 'stories'}`;
  const link = document.createElement('a');
  link.href = 'model';
  link.textContent = 'About the model';
  line.title = about.model;
  line.replaceChildren(`Trained on ${day.format(new Date(trained))}${much}. `, link);
}
