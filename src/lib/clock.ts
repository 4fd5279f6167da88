// Time as a dependency. Law: nobody but the services' wiring reads the system clock.

/** Milliseconds since the Unix epoch. */
export type Clock = () => number;
