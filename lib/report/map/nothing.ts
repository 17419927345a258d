/** In the place of a picture that has nothing on it. */
export const NOTHING = 'There is no Lambda function in these templates.';
