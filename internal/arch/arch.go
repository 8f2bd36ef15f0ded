// Package arch holds no code of the program: its tests keep the rooms of the house
// apart, by reading every file's imports.
package arch
