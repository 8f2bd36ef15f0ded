-- +goose Up
-- Answers that wait for a person, and those that a decision gave their value: few among
-- many, so that each list is found without reading all answers.
CREATE INDEX answer_doubt ON answer (submission, question, occurrence) WHERE instr(flags, '"REVIEW"') > 0;
CREATE INDEX answer_decided ON answer (rule) WHERE rule >= 'decision:' AND rule < 'decision;';
