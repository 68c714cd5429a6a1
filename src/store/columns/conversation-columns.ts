/** What was counted of conversations in one bucket of time. */
export interface ConversationCounters {
  business_initiated: number;
  user_initiated: number;
  unknown_origin: number;
  /** Messages outside of any conversation: marketing, utility and authentication; and all others. */
  loose_business: number;
  loose_other: number;
  /** Users who received their last template then: each user counts once in any window that ends now. */
  template_users: number;
  /** Users who received a template then and none in the 30 days before. */
  new_template_users: number;
}
