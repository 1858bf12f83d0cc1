import {
  campaignWorkflowId,
  leadWorkflowId,
  searchAttributes,
  taskQueues,
  type CampaignInput,
  type LeadSequenceInput,
} from '../workflows/contract';

/** How a lead's workflow is started, whoever starts it. */
export function leadRun(input: LeadSequenceInput) {
  return {
    workflowId: leadWorkflowId(input.enrollmentId),
    taskQueue: taskQueues.sequences,
    args: [input],
    staticSummary: `lead of campaign ${input.campaignId}`,
    searchAttributes: {
      [searchAttributes.clientId]: [input.clientId],
      [searchAttributes.campaignId]: [input.campaignId],
      [searchAttributes.status]: ['active'],
    },
  };
}

/** How a campaign's workflow is started, whoever starts it. */
export function campaignRun(campaign: CampaignInput) {
  return {
    workflowId: campaignWorkflowId(campaign.campaignId),
    taskQueue: taskQueues.sequences,
    args: [campaign],
    searchAttributes: {
      [searchAttributes.clientId]: [campaign.clientId],
      [searchAttributes.campaignId]: [campaign.campaignId],
      [searchAttributes.status]: ['active'],
    },
  };
}
