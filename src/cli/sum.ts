/** The sum of a column of rewards: the undiscounted return. */
export const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
